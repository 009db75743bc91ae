"""`manage.py publish_sample_policies`: the sample policies, for a portal whose operator has published none yet."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

import privacy.policies
from privacy.jurisdictions.jurisdictions import get_jurisdiction
from privacy.policies.citations import cite_published_before
from privacy.policies.queries import published_versions
from privacy.policies.sample_figures import other_figures
from privacy.policies.services import import_policy, publish_policy

LABEL = "sample-1"
OWN = "publish your own policy."
SAMPLES = Path(privacy.policies.__path__[0]) / "samples"


class Command(BaseCommand):
    """Publish the samples of each jurisdiction that has no other policy; running it again is harmless."""

    help = "Publish the sample policy of each jurisdiction that has no policy yet."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for file in sorted(SAMPLES.glob("*.md")):
            jurisdiction, language, _suffix = file.name.split(".")
            published = published_versions(jurisdiction)
            # A later sample in another language would count as a newer version than the operator's policy.
            has_its_own = published.exclude(label=LABEL).exists()
            if not has_its_own:
                self._compare(file, jurisdiction)
            for earlier in published.filter(language=language, label=LABEL):
                cite_published_before(earlier)
            if has_its_own or published.filter(language=language).exists():
                self.stdout.write(f"{jurisdiction} {language}: already has a policy")
                continue
            draft = import_policy(
                content=file.read_bytes(),
                file_name=file.name,
                jurisdiction=jurisdiction,
                label=LABEL,
                language=language,
            )
            publish_policy(version=draft, material=True)
            self.stdout.write(f"{jurisdiction} {language}: published {LABEL}")

    def _compare(self, file: Path, jurisdiction: str) -> None:
        for line in other_figures(file.read_text(encoding="utf-8"), get_jurisdiction(jurisdiction)):
            self.stderr.write(f"The sample policy {file.name} does not match this portal: {line}: {OWN}")
