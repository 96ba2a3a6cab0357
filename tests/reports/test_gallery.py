import pytest
from matplotlib.figure import Figure

from tfgan_lab.command_line.main import main
from tfgan_lab.reports import is_gallery, write_gallery
from tfgan_lab.reports.figures import FigureFolder


def draw(folder):
    figures = FigureFolder(folder)
    figures.add("one", Figure(), "A <first> figure.", [["step", "loss"], ["0", "42.41"]])
    figures.write_index()


def test_page_of_figures(tmp_path, capsys):
    draw(tmp_path)
    assert is_gallery(tmp_path)
    assert main(["report", str(tmp_path)]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text()
    assert "A &lt;first&gt; figure." in page and "42.41" in page
    assert page.count("data:image/png;base64,") == 1 and "http" not in page.split("</style>")[-1]


def test_a_run_is_no_gallery(tmp_path):
    draw(tmp_path)
    (tmp_path / "config.json").write_text("{}")
    assert not is_gallery(tmp_path)


def test_no_figures(tmp_path):
    with pytest.raises(ValueError, match="Expected figures in .*Received: none"):
        write_gallery(tmp_path)
