"""`manage.py import_policy`: import an operator's document as a draft, and publish it where asked."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime

from privacy.jurisdictions.jurisdictions import UnknownJurisdiction
from privacy.management.commands.publish_sample_policies import LABEL as SAMPLE_LABEL
from privacy.policies.citations import citations_to_check, cite_published_before, cited_clauses, confirm_citations
from privacy.policies.differences import Differences, differences
from privacy.policies.languages import LanguageNotSupported
from privacy.policies.models import PolicyVersion
from privacy.policies.queries import version_to_replace
from privacy.policies.refusals import PolicyRefused
from privacy.policies.services import import_policy, publish_policy
from privacy.policies.topics import all_topics


class Command(BaseCommand):
    """Import a policy; running it again with the same document changes nothing."""

    help = "Import a policy (HTML, Markdown or a Vue template) as a draft; with --publish, publish it."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Let `--version` be the policy's version, as operators expect, instead of Django's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--jurisdiction", required=True, help="code, such as cn or intl")
        parser.add_argument(
            "--version", dest="label", required=True, help="your label for this version, such as 2022-07"
        )
        parser.add_argument("--language", required=True, help="such as en or zh-hans")
        parser.add_argument(
            "--any-language", action="store_true", help="allow a language that the portal's pages do not have"
        )
        parser.add_argument(
            "--variant", type=int, help="number of the variant, from 1, if the document contains several"
        )
        parser.add_argument(
            "--effective", help="when it takes effect (ISO 8601); default: the date in the text, if it is in the future"
        )
        parser.add_argument(
            "--publish", action="store_true", help="publish it now; a published version cannot be changed"
        )
        parser.add_argument(
            "--cite",
            action="append",
            default=[],
            metavar="TOPIC=CLAUSES",
            help="clauses that state a topic, such as purpose:messages=2.2.7, or erase:ended= for none; repeatable",
        )
        parser.add_argument("--editorial", action="store_true", help="an editorial change: no one needs to agree again")
        parser.add_argument(
            "--yes",
            action="store_true",
            help="publish even if no clause states what a clause of the version in force does",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import, print what was found, publish if asked."""
        effective_at = _moment(options["effective"])
        try:
            draft = import_policy(
                content=_content(options["file"]),
                file_name=options["file"].name,
                jurisdiction=options["jurisdiction"],
                label=options["label"],
                language=options["language"],
                variant=options["variant"],
                any_language=options["any_language"],
            )
            current = version_to_replace(draft)
            was_published = draft.is_published
            if options["cite"]:
                _correct_citations(draft, options["cite"])
            if current and current.pk != draft.pk:
                self._say_what_changed(differences(current, draft))
            self._say_which_clauses(draft)
            if options["publish"] and not was_published:
                _refuse_gaps(current, draft, is_wanted=options["yes"])
                draft = publish_policy(version=draft, material=not options["editorial"], effective_at=effective_at)
        except LanguageNotSupported as error:
            raise CommandError(f"{error} To import it anyway, add --any-language.") from error
        except (PolicyRefused, UnknownJurisdiction) as error:
            raise CommandError(str(error)) from error
        self._say_what_it_is(draft, was_published=was_published)

    def _say_which_clauses(self, version: PolicyVersion) -> None:
        """Print which clauses state what, as proposed or corrected."""
        if cite_published_before(version):
            self.stdout.write("Published by an earlier release. Its clauses are now named.")
        stated = cited_clauses(version)
        self.stdout.write(f"Clauses of {version}, cited in receipts:")
        for topic in all_topics():
            if topic.key in stated:
                self.stdout.write(f"  {topic.key:<40} {stated[topic.key]}")
        unstated = [topic.key for topic in all_topics() if topic.key not in stated]
        self.stdout.write(f"Topics without a clause: {', '.join(unstated) or 'none'}")

    def _say_what_it_is(self, version: PolicyVersion, *, was_published: bool) -> None:
        state = "already published, unchanged" if was_published else "published" if version.is_published else "draft"
        self.stdout.write(f"{version}: {version.title} ({state})")
        self.stdout.write(f"  clauses: {version.clauses.count()}")
        updated, effective = version.stated_updated_on or "not found", version.stated_effective_on or "not found"
        self.stdout.write(f"  dates in the text: updated {updated}, effective {effective}")
        self.stdout.write(f"  digest: {version.digest}")
        if version.in_force_from:
            kind = "material" if version.material else "editorial"
            self.stdout.write(f"  in force from {version.in_force_from.astimezone(UTC):%Y-%m-%d %H:%M} UTC, {kind}")
            shown_at = reverse("policy_version", args=[version.jurisdiction, version.label])
            self.stdout.write(f"  shown at {shown_at}?language={version.language}")
        else:
            self.stdout.write("  not shown yet: publish it in the admin, or run again with --publish")

    def _say_what_changed(self, found: Differences) -> None:
        if not found.is_comparable:
            self.stdout.write(f"{found.after} replaces {found.before}, which is in another language.")
            self.stdout.write("  Only clause numbers are compared:")
            for what, of, other in (("new", found.after, found.before), ("gone", found.before, found.after)):
                numbers = _numbers(of) - _numbers(other)
                self.stdout.write(f"  clauses that are {what}: {', '.join(sorted(numbers)) or 'none'}")
            return
        counts = ", ".join(f"{count} {kind}" for kind, count in found.counts.items())
        self.stdout.write(f"{found.after} against {found.before} in force: {counts}")
        for change in found.changes:
            self.stdout.write(f"    {change.kind}: {change.clause.name}")
        if found.editorial_hint:
            self.stdout.write("  only white space or the date line differs: this looks editorial")


def _correct_citations(version: PolicyVersion, named: Sequence[str]) -> None:
    proposed = {
        topic: ", ".join(each.anchor for each in stated) for topic, stated in citations_to_check(version).items()
    }
    confirm_citations(version=version, cited=proposed | dict(map(_topic, named)), by=None)


def _refuse_gaps(current: PolicyVersion | None, draft: PolicyVersion, *, is_wanted: bool) -> None:
    """Ask before the version in force is replaced by one that lacks a clause for one of its topics, in any language."""
    if current and current.label == SAMPLE_LABEL:  # the portal's own text, not the operator's
        return
    stated, states = cited_clauses(current), cited_clauses(draft)
    topics = [topic.key for topic in all_topics() if topic.key in stated and topic.key not in states]
    gone = [f"{topic} (now {stated[topic]})" for topic in topics]
    if not gone or is_wanted:
        return
    what = f"No clause of this text states, unlike the version in force: {', '.join(gone)}. See --cite."
    try:
        is_wanted = input(f"{what} Publish anyway? [y/N] ").strip().lower() == "y"
    except EOFError:
        raise CommandError(f"{what} To publish anyway, add --yes. It stays a draft.") from None
    if not is_wanted:
        raise CommandError("Not published. It stays a draft.")


def _topic(named: str) -> tuple[str, str]:
    topic, separator, clauses = named.partition("=")
    if not separator:
        raise CommandError(f"--cite {named!r} must be TOPIC=CLAUSES, such as purpose:messages=2.2.7.")
    return topic.strip(), clauses


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"Cannot read {file}: {error.strerror}.") from error


def _moment(text: str | None) -> datetime | None:
    """A time or a day (its beginning, UTC) in ISO 8601."""
    if not text:
        return None
    try:
        moment, day = parse_datetime(text), parse_date(text)
    except ValueError as error:
        raise CommandError(f"--effective {text!r}: {error}.") from error
    if day and not moment:
        moment = datetime.combine(day, time.min)
    if not moment:
        raise CommandError(f"--effective {text!r} is not an ISO 8601 time. Use 2026-08-01 or 2026-08-01T00:00+08:00.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _numbers(version: PolicyVersion | None) -> set[str]:
    return set(version.clauses.exclude(number="").values_list("number", flat=True)) if version else set()
