"""The website's door: the widget, and the page that also works without scripts."""
