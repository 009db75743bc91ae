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
    """Publish each sample whose jurisdiction and language has no published version; running it again is harmless."""

    help = "Publish the sample policies where nothing is published yet."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Publish what is missing."""
        for file in sorted(SAMPLES.glob("*.md")):
            jurisdiction, language, _suffix = file.name.split(".")
            if published_versions(jurisdiction).filter(language=language).exists():
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
