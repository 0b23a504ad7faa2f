"""`python -m neighbours.tsme`: serve 科小企评价 and 科技人才信息登记."""

from neighbours.relying.server import make_command
from neighbours.tsme.app import TITLE

main = make_command(name="tsme", title=TITLE, target="neighbours.tsme.app:create")

if __name__ == "__main__":
    main()
