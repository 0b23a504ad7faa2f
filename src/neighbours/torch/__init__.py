"""火炬中心业务办理平台: a site of its own where people search for what became of their old account."""
