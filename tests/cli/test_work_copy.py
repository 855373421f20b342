"""work/, the student's own copy of the notebooks: made once, completed, never overwritten."""

import json

from grader.cli.lab import update


def release(folder, name, text):
    file = folder / "notebooks" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def bring(folder):
    return update(folder / "notebooks", folder / "work")


def test_the_first_start_copies_every_file_of_the_release(tmp_path):
    release(tmp_path, "03_tasks/03_tasks.ipynb", "three")
    release(tmp_path, "07_executors/cpu_work.py", "seven")

    lines = bring(tmp_path)

    assert (tmp_path / "work/03_tasks/03_tasks.ipynb").read_text() == "three"
    assert (tmp_path / "work/07_executors/cpu_work.py").read_text() == "seven"
    assert lines == ["Copiado a work/: 03_tasks/03_tasks.ipynb, 07_executors/cpu_work.py."]


def test_an_answer_is_never_overwritten_and_nothing_is_said_of_it(tmp_path):
    release(tmp_path, "03_tasks/03_tasks.ipynb", "three")
    bring(tmp_path)
    (tmp_path / "work/03_tasks/03_tasks.ipynb").write_text("my answer")

    lines = bring(tmp_path)

    assert (tmp_path / "work/03_tasks/03_tasks.ipynb").read_text() == "my answer"
    assert lines == []


def test_a_notebook_that_a_newer_release_adds_is_copied(tmp_path):
    release(tmp_path, "03_tasks/03_tasks.ipynb", "three")
    bring(tmp_path)
    release(tmp_path, "04_task_groups/04_task_groups.ipynb", "four")

    lines = bring(tmp_path)

    assert (tmp_path / "work/04_task_groups/04_task_groups.ipynb").read_text() == "four"
    assert lines == ["Copiado a work/: 04_task_groups/04_task_groups.ipynb."]


def test_a_changed_release_is_told_in_one_line_and_not_merged(tmp_path):
    for name in ("03_tasks/03_tasks.ipynb", "04_task_groups/04_task_groups.ipynb"):
        release(tmp_path, name, "old")
    bring(tmp_path)
    for name in ("03_tasks/03_tasks.ipynb", "04_task_groups/04_task_groups.ipynb"):
        release(tmp_path, name, "new")

    lines = bring(tmp_path)

    assert len(lines) == 1
    assert "03_tasks/03_tasks.ipynb, 04_task_groups/04_task_groups.ipynb" in lines[0]
    assert (tmp_path / "work/03_tasks/03_tasks.ipynb").read_text() == "old"


def test_renaming_ones_own_file_brings_the_changed_release(tmp_path):
    release(tmp_path, "03_tasks/03_tasks.ipynb", "old")
    bring(tmp_path)
    release(tmp_path, "03_tasks/03_tasks.ipynb", "new")
    mine = tmp_path / "work/03_tasks/03_tasks.ipynb"
    mine.rename(mine.with_name("mine.ipynb"))

    bring(tmp_path)

    assert mine.read_text() == "new"
    assert mine.with_name("mine.ipynb").read_text() == "old"
    assert bring(tmp_path) == []


def test_a_lost_record_costs_no_answer(tmp_path):
    release(tmp_path, "03_tasks/03_tasks.ipynb", "three")
    bring(tmp_path)
    (tmp_path / "work/03_tasks/03_tasks.ipynb").write_text("my answer")
    (tmp_path / "work/.release.json").write_text("{ broken")

    bring(tmp_path)

    assert (tmp_path / "work/03_tasks/03_tasks.ipynb").read_text() == "my answer"
    assert list(json.loads((tmp_path / "work/.release.json").read_text())) == ["03_tasks/03_tasks.ipynb"]


def test_editors_leavings_beside_the_release_are_not_copied(tmp_path):
    release(tmp_path, "03_tasks/.ipynb_checkpoints/03_tasks-checkpoint.ipynb", "draft")
    release(tmp_path, "07_executors/__pycache__/cpu_work.pyc", "bytes")

    assert bring(tmp_path) == []
