"""One base of articles for partners and staff: languages and their freshness, visibility, versions, search,
feedback, gaps and what articles spared people from asking.
"""
