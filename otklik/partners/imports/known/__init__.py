"""The two targets that live here: partners and contacts."""
