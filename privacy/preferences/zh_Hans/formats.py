"""Chinese times with 12 or 24 hours, days without a zero; all other formats are Django's (`FORMAT_MODULE_PATH`)."""

from django.utils.translation import gettext_noop

from privacy.preferences.time_format import ReadersFormat

# Django's Chinese catalogue leaves them in English: ours translates them.
HALVES_OF_THE_DAY = (gettext_noop("AM"), gettext_noop("PM"))
TIME_FORMAT = ReadersFormat("H:i", twelve="Ag:i", twenty_four="H:i")
DATETIME_FORMAT = ReadersFormat("Y年n月j日 H:i", twelve="Y年n月j日 Ag:i", twenty_four="Y年n月j日 H:i")
SHORT_DATETIME_FORMAT = DATETIME_FORMAT
MONTH_DAY_FORMAT = "n月j日"
