"""`python -m neighbours.hnte`: serve 高企认定."""

from neighbours.hnte.app import TITLE
from neighbours.relying.server import make_command

main = make_command(name="hnte", title=TITLE, target="neighbours.hnte.app:create")

if __name__ == "__main__":
    main()
