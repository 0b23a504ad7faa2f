"""What can go wrong in the catalogue.

CatalogueError
├── ServiceNotFound      nobody offers a service under this name
└── InvalidCatalogue     a catalogue file does not say what it must
"""


class CatalogueError(Exception):
    """The root of this room's errors; `code` names the case for templates and logs."""

    code = "catalogue.error"


class ServiceNotFound(CatalogueError):
    """No offered service has this slug."""

    code = "catalogue.service_not_found"

    def __init__(self, *, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class InvalidCatalogue(CatalogueError):
    """A catalogue file is wrong at `place` (such as `services[2].materials[0].name`)."""

    code = "catalogue.invalid"

    def __init__(self, *, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem
