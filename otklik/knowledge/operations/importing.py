"""Articles from a folder of Markdown files, whole or not at all; the same folder again changes only what is
other than before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from otklik.desk.public import Topic
from otklik.events.public import Actor
from otklik.knowledge.models import Article, ArticleText, Folder
from otklik.knowledge.operations.articles import (
    Settings,
    archive_article,
    create_article,
    publish_article,
)
from otklik.knowledge.operations.folders import save_folder
from otklik.knowledge.operations.texts import Written, save_text, tidy
from otklik.knowledge.rules.front_matter import ArticleFile, BadArticleFile, FileProblem, read_file
from otklik.knowledge.rules.vocabulary import ArticleState


class ArticleFilesRefused(Exception):
    """Nothing was stored; ``problems`` by the name of the file."""

    def __init__(self, problems: Mapping[str, BadArticleFile]) -> None:
        super().__init__(f"{len(problems)} wrong files")
        self.problems = dict(problems)


@dataclass(slots=True)
class Imported:
    articles: int = 0
    texts: int = 0
    unchanged: int = 0


def import_articles(
    *,
    files: Mapping[str, str],
    program_id: int | None,
    owner_id: int | None = None,
    by: Actor,
    at: datetime,
) -> Imported:
    """``files``: texts by name. An article that is there already keeps who reads it, its folder and its
    state: people have decided about them since. Raises ArticleFilesRefused."""
    articles = _read(files)
    told = Imported()
    with transaction.atomic():
        folders = _folders((one for parts in articles for one in parts), program_id, by, at)
        topics = dict(Topic.objects.values_list("key", "pk"))
        for parts in articles:
            _keep(parts, folders, topics, program_id, owner_id, told, by, at)
    return told


def _read(files: Mapping[str, str]) -> list[list[ArticleFile]]:
    """By article, its source first."""
    problems: dict[str, BadArticleFile] = {}
    by_slug: dict[str, list[ArticleFile]] = defaultdict(list)
    for name, text in sorted(files.items()):
        try:
            found = read_file(name, text)
        except BadArticleFile as bad:
            problems[name] = bad
            continue
        by_slug[found.slug].append(found)
        if sum(one.is_source for one in by_slug[found.slug]) > 1:
            problems[name] = BadArticleFile(FileProblem.TWO_SOURCES)
    if problems:
        raise ArticleFilesRefused(problems)
    return [
        sorted(parts, key=lambda one: (not one.is_source, one.language != "en", one.language))
        for parts in by_slug.values()
    ]


def _folders(
    files: Iterable[ArticleFile], program_id: int | None, by: Actor, at: datetime
) -> dict[tuple[str, str], int]:
    """By language and name. The files of one article name its folder each in their own language."""
    known = {
        (language, name): folder.pk
        for folder in Folder.objects.filter(Q(program=None) | Q(program=program_id))
        for language, name in folder.names.items()
    }
    wanted: dict[str, dict[str, str]] = defaultdict(dict)
    for file in files:
        if file.folder:
            wanted[file.slug][file.language] = file.folder
    for names in wanted.values():
        pk = next((known[one] for one in names.items() if one in known), None)
        if pk is None:
            position = 10 * (Folder.objects.count() + 1)
            pk = save_folder(
                folder_id=None, names=names, position=position, program_id=program_id, by=by, at=at
            ).pk
        known |= {one: pk for one in names.items() if one not in known}
    return known


def _keep(
    parts: Sequence[ArticleFile],
    folders: Mapping[tuple[str, str], int],
    topics: Mapping[str, int],
    program_id: int | None,
    owner_id: int | None,
    told: Imported,
    by: Actor,
    at: datetime,
) -> None:
    source = parts[0]
    article = Article.objects.filter(slug=source.slug).first()
    rest = parts
    if article is None:
        settings = Settings(
            visibility=source.visibility,
            tiers=source.tiers,
            program_id=program_id,
            folder_id=folders.get((source.language, source.folder)),
            topic_ids=[topics[key] for key in source.topics if key in topics],
            owner_id=owner_id,
            review_on=source.review_on,
            slug=source.slug,
        )
        article = create_article(
            language=source.language, title=source.title, body=source.body, settings=settings, by=by, at=at
        )
        told.articles, told.texts, rest = told.articles + 1, told.texts + 1, parts[1:]
        for file in rest:
            _save(article, file, told, by, at)
        if source.state is ArticleState.PUBLISHED:
            publish_article(article_id=article.pk, by=by, at=at)
        elif source.state is ArticleState.ARCHIVED:
            archive_article(article_id=article.pk, by=by, at=at)
        return
    for file in sorted(rest, key=lambda one: one.language != article.source_language):
        _save(article, file, told, by, at)


def _save(article: Article, file: ArticleFile, told: Imported, by: Actor, at: datetime) -> None:
    texts = {text.language: text for text in ArticleText.objects.filter(article=article)}
    there, source = texts.get(file.language), texts[article.source_language]
    is_source = file.language == article.source_language
    # The same words again say nothing of what the source says now: who was behind it stays behind.
    is_same = there is not None and (there.title, there.body) == tidy(file.title, file.body)
    written = Written(
        title=file.title,
        body=file.body,
        based_on=there.number if there else None,
        made_from=None if is_source or is_same else source.number,
    )
    number = there.number if there else 0
    saved = save_text(article_id=article.pk, language=file.language, written=written, by=by, at=at)
    if saved.number == number:
        told.unchanged += 1
    else:
        told.texts += 1
