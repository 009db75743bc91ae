"""Settings of messages to people: gateways' time limits, countries and budgets of SMS."""

from phonenumbers import SUPPORTED_REGIONS

from portal.settings import environment

# How long a gateway may take to answer; an attempt ends before the next one is due (30 seconds).
GATEWAY_SECONDS = environment.whole_number("GATEWAY_SECONDS", 5, least=1, most=20)
# Alarms go out by Django's own connection.
EMAIL_TIMEOUT = GATEWAY_SECONDS
# Countries (ISO 3166-1 alpha-2) whose numbers may be given; empty: all.
SMS_COUNTRIES = (
    environment.listed("SMS_COUNTRIES", "", sorted(SUPPORTED_REGIONS)) if environment.is_set("SMS_COUNTRIES") else []
)
# What an operator is willing to pay for; an alarm comes before they are used up.
SMS_PER_HOUR = environment.whole_number("SMS_PER_HOUR", 2_000, least=1)
SMS_PER_DAY = environment.whole_number("SMS_PER_DAY", 20_000, least=1)
# Whether a caller from an unknown network solves a task before a code goes to a number that they typed.
PROOF_OF_WORK = environment.choice("PROOF_OF_WORK", "off", ["off", "on"]) == "on"
