"""What the demo's support desk has been through: ten weeks of tickets, and short ones of a year and a
half before, told from one seed.

``matters_*`` are the words, ``furniture`` what the desk works by, ``threads`` and ``past`` draw what happens
(no database there), ``tell`` writes it through the operations of the desk.
"""
