"""Small tools without tables: what every room needs and no room owns."""
