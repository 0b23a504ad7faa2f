"""`python -m neighbours.torch`: serve the site of 火炬中心业务办理平台."""

from neighbours.relying.server import make_command
from neighbours.torch.app import TITLE

main = make_command(name="torch", title=TITLE, target="neighbours.torch.app:create")

if __name__ == "__main__":
    main()
