from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from curriculum import fileformat
from curriculum.export import document_of
from curriculum.models import Activity, Curriculum, Release, Resource, Step
from curriculum.tests.documents import SMALL, small_document
from curriculum.tests.make import make_draft, make_release

pytestmark = pytest.mark.django_db


def run(*args: object) -> str:
    out = StringIO()
    call_command(*map(str, args), stdout=out)
    return out.getvalue()


def written(folder, name: str, text: str):
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def shipped(tmp_path):
    """Resources in one file, the curriculum that uses them in another,
    whose name comes first.
    """
    curriculum, resources = SMALL.split("\nresources:\n")
    written(tmp_path, "a-way-up.yaml", curriculum)
    written(tmp_path, "resources.yaml", "format: 1\nresources:\n" + resources)
    return tmp_path


def test_what_comes_with_the_site_is_imported_published_and_counted(shipped):
    table = run("import_curricula", "--folder", shipped).splitlines()

    assert [line.split(maxsplit=5) for line in table] == [
        ["steps", "routes", "activities", "resources", "sections"],
        ["resources", "3", "4", "imported"],
        ["a-way-up", "2", "2", "7", "published", "as release 1"],
    ]
    assert (
        Release.objects.get().document["curriculum"] == small_document()["curriculum"]
    )


def test_importing_what_comes_with_the_site_again_changes_nothing(shipped):
    run("import_curricula", "--folder", shipped)

    table = run("import_curricula", "--folder", shipped)

    assert [line.split()[-1] for line in table.splitlines()[1:]] == [
        "unchanged",
        "unchanged",
    ]
    assert Release.objects.count() == 1


def test_a_new_version_of_the_site_brings_a_new_release(shipped):
    run("import_curricula", "--folder", shipped)
    path = shipped / "a-way-up.yaml"
    path.write_text(path.read_text().replace("hours: 30", "hours: 31"))

    assert run("import_curricula", "--folder", shipped).endswith(
        "published as release 2\n"
    )


def test_a_curriculum_that_curators_edited_is_neither_changed_nor_published(shipped):
    run("import_curricula", "--folder", shipped)
    Step.objects.filter(slug="encounter").update(hours=99)

    assert run("import_curricula", "--folder", shipped).endswith(
        "left alone: edited here\n"
    )
    assert Release.objects.count() == 1


def test_every_problem_of_every_file_is_told_and_nothing_imported(shipped):
    written(shipped, "b.yaml", "format: 3\n")
    written(shipped, "c.yaml", "a: 'b")

    with pytest.raises(CommandError) as caught:
        run("import_curricula", "--folder", shipped)

    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == [
        "b.yaml, line 1, file",
        "b.yaml, line 1, format",
        "c.yaml, line 1, file",
    ]
    assert not Resource.objects.exists()


def test_a_file_that_comes_with_the_site_and_cannot_be_published_says_why(tmp_path):
    written(
        tmp_path, "empty.yaml", "format: 1\ncurriculum: {slug: empty, title: Empty}\n"
    )

    with pytest.raises(CommandError, match=r"empty: The curriculum has no steps\."):
        run("import_curricula", "--folder", tmp_path)


def test_a_file_that_comes_with_the_site_and_does_not_fit_it_says_why(tmp_path):
    Curriculum.objects.create(slug="way-up", title="Our own")
    written(tmp_path, "way-up.yaml", SMALL)

    with pytest.raises(
        CommandError, match=r"way-up\.yaml: The address “way-up” belongs to “Our own”"
    ):
        run("import_curricula", "--folder", tmp_path)


def test_the_table_can_be_left_out(shipped):
    assert run("import_curricula", "--folder", shipped, "--verbosity", 0) == ""


def test_a_file_is_imported_and_published_from_the_command_line(tmp_path):
    said = run(
        "import_curriculum",
        written(tmp_path, "way-up.yaml", SMALL),
        "--publish",
        "First.",
    )

    assert said.splitlines()[0] == "steps           2  (2 new, 0 changed, 0 retired)"
    assert said.endswith("Published as release 1.\n")
    assert Release.objects.get().changelog == "First."

    with pytest.raises(CommandError, match="Not published: Nothing has changed"):
        run("import_curriculum", tmp_path / "way-up.yaml", "--publish", "Again.")


def test_a_draft_is_imported_without_being_published(tmp_path):
    run("import_curriculum", written(tmp_path, "way-up.yaml", SMALL))

    assert not Release.objects.exists()


def test_a_wrong_file_is_explained_on_the_command_line(tmp_path):
    path = written(tmp_path, "wrong.yaml", SMALL.replace("hours: 30", "hours: some"))

    with pytest.raises(
        CommandError,
        match=r"is not imported.\nline \d+, curriculum.steps\[encounter\].hours: Must be",
    ):
        run("import_curriculum", path)
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run("import_curriculum", tmp_path / "gone.yaml")


def test_a_draft_or_a_release_is_written_as_a_file():
    release = make_release()
    release.curriculum.steps.update(hours=1)

    assert fileformat.load(run("export_curriculum", "way-up")) == document_of(
        release.curriculum
    )
    assert (
        fileformat.load(run("export_curriculum", "way-up", "--release", 1))
        == release.document
    )


def test_a_curriculum_that_is_not_there_is_named_with_those_that_are():
    make_draft()

    with pytest.raises(
        CommandError, match=r"no curriculum “way-down” here\. There are: way-up\."
    ):
        run("export_curriculum", "way-down")
    with pytest.raises(CommandError, match="“way-up” has no release 7"):
        run("export_curriculum", "way-up", "--release", 7)


def test_the_curricula_of_the_site_are_whole():
    run("import_curricula")

    assert set(Curriculum.objects.values_list("slug", flat=True)) >= {
        "practical-way-up",
        "seven-steps",
    }
    for release in Release.objects.all():
        assert release.outline.licence
        assert all(credit["url"] for credit in release.outline.credit)
        assert all(step.intro_html for step in release.outline.steps)


def test_an_update_starts_although_a_draft_here_shares_a_tick_under_another_title(
    tmp_path,
):
    make_draft(slug="other")
    Activity.objects.filter(do="read").update(title="Draw chapter 1")
    (tmp_path / "small.yaml").write_text(SMALL)

    call_command("import_curricula", folder=tmp_path, verbosity=0)

    assert Release.objects.filter(curriculum__slug="way-up").exists()
