"""Settings of REST framework, of the schema and of its reference."""

from portal.settings.branding import SERVICE_NAMES

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["privacy.rest.authentication.BearerAuthentication"],
    "DEFAULT_PARSER_CLASSES": ["privacy.rest.parsing.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "privacy.rest.errors.handle_exception",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": SERVICE_NAMES.get("en", "Privacy portal"),
    "DESCRIPTION": "Everything the pages do: register, sign in, see and correct your data, consent, cancel.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "RegistrationKindEnum": ["individual", "enterprise"],
        "ContactKindEnum": "accounts.contact_points.models.ContactPoint.Kind",
        "ChangeKindEnum": "privacy.policies.differences.Change",
        "RetentionGroundEnum": "privacy.policies.grounds.RetentionGround.values",
        "DeletionGroundEnum": "privacy.policies.grounds.DeletionGround.values",
        "GroundGivenEnum": "privacy.rights.api.bodies.GROUND_CODES",
        "RequestChannelEnum": "privacy.rights.choices.Channel.values",
        "RequestItemStateEnum": "privacy.rights.choices.ItemState.values",
        "RequestStateEnum": ["received", "open", "closed"],
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False, "validatorUrl": None},
}
