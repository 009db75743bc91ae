"""The form renderer: one template for a field and one for a form on every page."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Django's form renderer with the portal's templates."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
