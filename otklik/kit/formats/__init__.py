"""How dates are written on screen, where Django's own way for a language is not ours."""
