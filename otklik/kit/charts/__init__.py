"""Charts as SVG text, drawn on the server: they print, mail and test. Dataclasses in, a string out.

Words and number formats come from the caller, colours are CSS custom properties (`palette`), and the caller
puts a table with the same figures beside each chart for those who do not see it. Draw a second, narrow one
(`width=360`) for phones and switch by media query: a wide one scaled down cannot be read.
"""

from otklik.kit.charts.distribution import KindWords, distribution, stacked
from otklik.kit.charts.doses import DosePoint, DoseWords, doses
from otklik.kit.charts.estimates import EstimateRow, EstimateWords, Sureness, estimates
from otklik.kit.charts.forest import ForestRow, ForestWords, forest
from otklik.kit.charts.palette import DARK, LIGHT, css
from otklik.kit.charts.shares import Part, shares
from otklik.kit.charts.trend import Mark, TrendPoint, TrendWords, trend

__all__ = [
    "DARK",
    "LIGHT",
    "DosePoint",
    "DoseWords",
    "EstimateRow",
    "EstimateWords",
    "ForestRow",
    "ForestWords",
    "KindWords",
    "Mark",
    "Part",
    "Sureness",
    "TrendPoint",
    "TrendWords",
    "css",
    "distribution",
    "doses",
    "estimates",
    "forest",
    "shares",
    "stacked",
    "trend",
]
