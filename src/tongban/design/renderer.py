"""How every form of the platform is drawn."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draws forms with the templates of this room; templates of other widgets come from `django.forms`.

    `settings.FORM_RENDERER` names it, so that forms of other packages look the same.
    """

    form_template_name = "design/fields.html"
    field_template_name = "design/field.html"
