"""A page's template, filled and written."""

import pathlib

import jinja2

from tfgan_lab.files import write_atomically
from tfgan_lab.reports.charts import embed_charts


def write_page(path, template, charts=(), **content) -> pathlib.Path:
    """Writes a page, which holds all that it shows in itself.

    Args:
        path: of the HTML file.
        template: name of a file in ``templates`` that extends ``base.html.j2``.
        charts: list of what ``curves_chart`` returned.
        **content: what the template shows, ``title`` among it.

    Returns:
        The path.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tfgan_lab.reports"), autoescape=True, trim_blocks=True
    )
    page = environment.get_template(template).render(charts=embed_charts(charts), **content)
    write_atomically(path, page.encode())
    return path
