"""`manage.py publish_sample_policies`: the sample policies, for a portal whose operator has published none yet."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

import privacy.policies
from privacy.policies.queries import published_versions
from privacy.policies.services import import_policy, publish_policy

LABEL = "sample-1"
SAMPLES = Path(privacy.policies.__path__[0]) / "samples"


class Command(BaseCommand):
    """Publish the samples of each jurisdiction that has no other policy; running it again is harmless."""

    help = "Publish the sample policies where nothing is published yet."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Publish what is missing."""
        for file in sorted(SAMPLES.glob("*.md")):
            jurisdiction, language, _suffix = file.name.split(".")
            published = published_versions(jurisdiction)
            # Beside an operator's policy, a later sample in another language would count as the newest version.
            if published.exclude(label=LABEL).exists() or published.filter(language=language).exists():
                self.stdout.write(f"{jurisdiction} {language}: has a policy already")
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
