"""Settings of notices: time limits of gateways, countries and budgets of SMS."""

from phonenumbers import SUPPORTED_REGIONS

from portal.settings import environment

# Time limit of a gateway; an attempt ends before the next one is due (30 seconds).
GATEWAY_SECONDS = environment.whole_number("GATEWAY_SECONDS", 5, least=1, most=20)
# For alarms, which Django's own connection sends.
EMAIL_TIMEOUT = GATEWAY_SECONDS
# Countries (ISO 3166-1 alpha-2) whose numbers are accepted; empty: all.
SMS_COUNTRIES = (
    environment.listed("SMS_COUNTRIES", "", sorted(SUPPORTED_REGIONS)) if environment.is_set("SMS_COUNTRIES") else []
)
# The operator's budgets; an alarm comes before they are used up.
SMS_PER_HOUR = environment.whole_number("SMS_PER_HOUR", 2_000, least=1)
SMS_PER_DAY = environment.whole_number("SMS_PER_DAY", 20_000, least=1)
# Whether an unknown network needs a proof of work before a code is sent to a typed number.
PROOF_OF_WORK = environment.choice("PROOF_OF_WORK", "off", ["off", "on"]) == "on"
