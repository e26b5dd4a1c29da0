"""Statistics of NPS from counts: pure functions, numpy and the standard library only.

Nouns: counts (detractors, passives, promoters), interval, prior, summary, comparison, league, segment of a
series; driver, fit (pooled or within units), estimate, impact verdict. Scores live on [-1, 1] here and
`nps.points` turns them into the -100..100 of the screen; outcomes of fits are in the unit they are given.
Those who print read `verdicts` (one policy for small numbers everywhere); the other modules are its parts.
Nothing here holds a sentence: verdicts are codes with the numbers a sentence needs.
"""
