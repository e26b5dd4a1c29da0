"""Published tables the statistics are held against."""

import csv
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

# 47 French-speaking provinces of Switzerland about 1888: Mosteller and Tukey, "Data Analysis and Regression",
# 1977, pp. 549-551; R datasets::swiss.
SWISS_NAMES = ("Agriculture", "Examination", "Education", "Catholic", "Infant.Mortality")
SWISS = np.array([
    # Fertility, then SWISS_NAMES
    (80.2, 17, 15, 12, 9.96, 22.2),
    (83.1, 45.1, 6, 9, 84.84, 22.2),
    (92.5, 39.7, 5, 5, 93.4, 20.2),
    (85.8, 36.5, 12, 7, 33.77, 20.3),
    (76.9, 43.5, 17, 15, 5.16, 20.6),
    (76.1, 35.3, 9, 7, 90.57, 26.6),
    (83.8, 70.2, 16, 7, 92.85, 23.6),
    (92.4, 67.8, 14, 8, 97.16, 24.9),
    (82.4, 53.3, 12, 7, 97.67, 21),
    (82.9, 45.2, 16, 13, 91.38, 24.4),
    (87.1, 64.5, 14, 6, 98.61, 24.5),
    (64.1, 62, 21, 12, 8.52, 16.5),
    (66.9, 67.5, 14, 7, 2.27, 19.1),
    (68.9, 60.7, 19, 12, 4.43, 22.7),
    (61.7, 69.3, 22, 5, 2.82, 18.7),
    (68.3, 72.6, 18, 2, 24.2, 21.2),
    (71.7, 34, 17, 8, 3.3, 20),
    (55.7, 19.4, 26, 28, 12.11, 20.2),
    (54.3, 15.2, 31, 20, 2.15, 10.8),
    (65.1, 73, 19, 9, 2.84, 20),
    (65.5, 59.8, 22, 10, 5.23, 18),
    (65, 55.1, 14, 3, 4.52, 22.4),
    (56.6, 50.9, 22, 12, 15.14, 16.7),
    (57.4, 54.1, 20, 6, 4.2, 15.3),
    (72.5, 71.2, 12, 1, 2.4, 21),
    (74.2, 58.1, 14, 8, 5.23, 23.8),
    (72, 63.5, 6, 3, 2.56, 18),
    (60.5, 60.8, 16, 10, 7.72, 16.3),
    (58.3, 26.8, 25, 19, 18.46, 20.9),
    (65.4, 49.5, 15, 8, 6.1, 22.5),
    (75.5, 85.9, 3, 2, 99.71, 15.1),
    (69.3, 84.9, 7, 6, 99.68, 19.8),
    (77.3, 89.7, 5, 2, 100, 18.3),
    (70.5, 78.2, 12, 6, 98.96, 19.4),
    (79.4, 64.9, 7, 3, 98.22, 20.2),
    (65, 75.9, 9, 9, 99.06, 17.8),
    (92.2, 84.6, 3, 3, 99.46, 16.3),
    (79.3, 63.1, 13, 13, 96.83, 18.1),
    (70.4, 38.4, 26, 12, 5.62, 20.3),
    (65.7, 7.7, 29, 11, 13.79, 20.5),
    (72.7, 16.7, 22, 13, 11.22, 18.9),
    (64.4, 17.6, 35, 32, 16.92, 23),
    (77.6, 37.6, 15, 7, 4.97, 20),
    (67.6, 18.7, 25, 7, 8.65, 19.5),
    (35, 1.2, 37, 53, 42.34, 18),
    (44.7, 46.6, 16, 29, 50.43, 18.2),
    (42.8, 27.7, 22, 29, 58.33, 19.3),
])  # fmt: skip

# Copenhagen housing: Madsen, Scandinavian Journal of Statistics 3, 1976; R MASS::housing. Householders by
# contact (low, high), type (tower, apartment, atrium, terrace), influence (low, medium, high), satisfaction.
HOUSING_COUNTS = np.array([
    21, 21, 28, 34, 22, 36, 10, 11, 36,
    61, 23, 17, 43, 35, 40, 26, 18, 54,
    13, 9, 10, 8, 8, 12, 6, 7, 9,
    18, 6, 7, 15, 13, 13, 7, 5, 11,
    14, 19, 37, 17, 23, 40, 3, 5, 23,
    78, 46, 43, 48, 45, 86, 15, 25, 62,
    20, 23, 20, 10, 22, 24, 7, 10, 21,
    57, 23, 13, 31, 21, 13, 5, 6, 13,
])  # fmt: skip
HOUSING_NAMES = ("InflMedium", "InflHigh", "TypeApartment", "TypeAtrium", "TypeTerrace", "ContHigh")


def housing():
    """Satisfaction 0..2, indicators in the order of HOUSING_NAMES, householders."""
    contact, kind, influence, satisfaction = np.indices((2, 4, 3, 3)).reshape(4, -1)
    marks = [influence == 1, influence == 2, kind == 1, kind == 2, kind == 3, contact == 1]
    return satisfaction, np.stack(marks, axis=1).astype(float), HOUSING_COUNTS


def grunfeld(*, firms=11):
    """Investment, (value, capital), firm, year of Grunfeld's firms 1935-1954; 10 without American Steel."""
    found = find_spec("statsmodels")
    if found is None or not found.submodule_search_locations:
        pytest.skip("the table of Grunfeld comes with statsmodels, which is not installed")
    path = Path(found.submodule_search_locations[0]) / "datasets" / "grunfeld" / "grunfeld.csv"
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if firms == 11 or row["firm"] != "American Steel"]
    columns = np.array([(row["invest"], row["value"], row["capital"]) for row in rows], dtype=float)
    return columns[:, 0], columns[:, 1:], [row["firm"] for row in rows], [row["year"] for row in rows]
