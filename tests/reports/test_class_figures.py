from tests.runs.tiny import tiny
from tfgan_lab.files import write_json
from tfgan_lab.reports import draw_evaluation
from tfgan_lab.runs import open_run
from tfgan_lab.runs.reading.tables import class_table
from tfgan_lab.runs.training.directory import RunDirectory

RECORD = {
    "class_names": ["cat", "dog"],
    "accuracy": 0.625,
    "class_accuracies": [1.0, 0.25],
    "confusion": [[8, 0], [6, 2]],
    "kid": [0.012, None],
    "kid_real_baseline": [None, None],
    "classifier": "classifier of the labels",
}


def test_a_figure_stays_one_however_often_it_is_drawn(tmp_path):
    RunDirectory(tmp_path).open(tiny(tmp_path), {"num_images": 10})
    run = open_run(tmp_path)
    draw_evaluation(run)
    assert not (tmp_path / "figures").exists()
    write_json(tmp_path / "classes.json", RECORD)
    for _ in range(2):
        draw_evaluation(run)
        index = (tmp_path / "figures" / "index.json").read_text()
        assert index.count("fig_classes_confusion.png") == 1
    assert (tmp_path / "figures" / "fig_classes_confusion.png").stat().st_size > 1000


def test_a_row_for_each_class_of_some(tmp_path):
    assert class_table(RECORD)[1:] == [
        ["cat", "100.0%", "0.012", "", ""],
        ["dog", "25.0%", "", "", "cat (6)"],
    ]
    names = [str(label) for label in range(25)]
    record = RECORD | {
        "class_names": names,
        "class_accuracies": [0.0] * 25,
        "confusion": [[0] * 25 for _ in names],
        "kid": [None] * 25,
        "kid_real_baseline": [None] * 25,
    }
    table = class_table(record)
    assert len(table) == 22 and table[-1][0] == "..."
