from otklik.kit.texts.clusters import cluster
from otklik.kit.texts.reading import read
from otklik.kit.texts.words import content_words

COMMENTS = [
    "Хотим тёмную тему, глаза болят",
    "сделайте темную тему",
    "Тёмная тема нужна!",
    "Где тёмной темы дождаться",
    "Конкурс в декабре был скучный",
    "Проведите еще один конкурс",
    "призы за конкурс не отправили",
    "Office hours on Friday please",
    "friday office hours were cancelled",
    "Office hours again?",
    "Просто так",
    "",
]


def worded(texts):
    readings = [read(text) for text in texts]
    return [(reading.text, content_words(reading)) for reading in readings]


def test_comments_that_share_a_phrase_come_together_under_it():
    found = cluster(worded(COMMENTS))
    assert [(one.name, sorted(one.members)) for one in found] == [
        ("темную тему", [0, 1, 2, 3]),
        ("office hours", [7, 8, 9]),
        ("конкурс", [4, 5, 6]),
    ]


def test_the_same_comments_make_the_same_clusters_and_nobody_is_in_two():
    readings = worded(COMMENTS * 3)
    found = cluster(readings)
    assert found == cluster(readings)
    members = [one for group in found for one in group.members]
    assert len(members) == len(set(members))


def test_a_misspelt_jargon_word_joins_the_others():
    texts = ["геймификация нравится", "геймификация скучна", "геймификация мимо", "геймефикация так себе"]
    (found,) = cluster(worded(texts))
    assert sorted(found.members) == [0, 1, 2, 3]


def test_small_words_days_and_people_name_no_group():
    assert (
        cluster(worded(["Среди всех в пятницу Ольга", "Ольгу в пятницу среди", "Ольге пятницы среди"])) == []
    )
    assert cluster(worded(["every Friday again", "Again two fridays", "said again every friday"])) == []


def test_few_comments_make_no_cluster():
    assert cluster([]) == []
    assert cluster(worded(["тёмная тема", "тёмная тема"])) == []
