"""How ibis writes SQL for each engine, corrected where the same expression would not mean the same on both.

These modules import ibis, so they are imported inside functions only.
"""
