"""The face of the platform: base templates, form fields and their renderer, components, css and one small script."""
