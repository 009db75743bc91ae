"""English times with 12 or 24 hours; all other formats are Django's own (`FORMAT_MODULE_PATH`)."""

from privacy.preferences.time_format import ReadersFormat

TIME_FORMAT = ReadersFormat("P", twelve="P", twenty_four="H:i")
DATETIME_FORMAT = ReadersFormat("N j, Y, P", twelve="N j, Y, P", twenty_four="N j, Y, H:i")
SHORT_DATETIME_FORMAT = ReadersFormat("m/d/Y P", twelve="m/d/Y P", twenty_four="m/d/Y H:i")
