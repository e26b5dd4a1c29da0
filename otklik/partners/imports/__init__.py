"""Import: a CSV or XLSX file of partners, contacts or answers becomes rows, and every row is accounted for.

A file passes four stations. *Upload*: stored in private files, its first rows read, a mapping guessed.
*Start*: a person confirms which column means what. *Check*: a job reads the whole file once; where its
structure is broken the run is refused and nothing was stored, else the rows lie understood in a prepared
file. *Run*: chunks of prepared rows are stored, each with its failures, counts, events and place in the
file in one transaction, so that a killed run goes on where it stood and two workers at once do no harm.

What can be imported is an ``ImportTarget`` in the registry (``targets.py``); upper apps add theirs.

The same answer twice
---------------------
Partners and contacts are known by external id, else by name (contacts: e-mail). Answers are known by
their own id where a column holds one, else by a hash of partner, contact, moment, score and comment, and
by how many equal rows stood above in the same file: two customers who wrote the same on the same day stay
two answers, and the same file once more adds none.
"""
