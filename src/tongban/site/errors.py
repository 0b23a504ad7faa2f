"""What can go wrong in the service hall.

SiteError
├── NoticeNotFound      no published notice has this name
└── InvalidNotices      a file of notices does not say what it must
"""


class SiteError(Exception):
    """The root of this room's errors; `code` names the case."""

    code = "site.error"


class NoticeNotFound(SiteError):
    """No published notice has this slug."""

    code = "site.notice_not_found"

    def __init__(self, *, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class InvalidNotices(SiteError):
    """A file of notices is wrong at `place` (such as `notices[2].title`)."""

    code = "site.invalid_notices"

    def __init__(self, *, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem
