"""A page's template, filled."""

import jinja2

from tfgan_lab.reports.charts import embed_charts


def render(template, charts, **content) -> str:
    """Fills a template of a page.

    Args:
        template: name of a file in ``templates`` that extends ``base.html.j2``.
        charts: list of what ``curves_chart`` returned.
        **content: what the template shows, ``title`` among it.

    Returns:
        The page's HTML.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tfgan_lab.reports"), autoescape=True, trim_blocks=True
    )
    return environment.get_template(template).render(charts=embed_charts(charts), **content)
