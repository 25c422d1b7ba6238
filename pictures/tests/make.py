from members.models import Member
from pictures import actions
from pictures.models import Upload
from pictures.tests.bad_pictures import picture

SMALL_PICTURE = picture(size=(40, 30))


def make_upload(
    owner: Member, name: str = "loss.png", data: bytes | None = None
) -> Upload:
    """A picture, or a file if the name is that of one."""
    from community.tests.make import NOON

    if data is None:
        data = SMALL_PICTURE if name.endswith("png") else b"epoch 1: 2.303\n"
    return actions.upload(owner, name=name, data=data, now=NOON)


def shown(upload: Upload, words: str = "A curve") -> str:
    """The Markdown that shows it."""
    if upload.is_picture:
        return f"![{words}](picture:{upload.key})"
    return f"[{upload.name}](file:{upload.key})"
