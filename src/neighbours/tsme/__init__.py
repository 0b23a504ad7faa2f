"""科小企评价: evaluation of technology-based small and medium-sized enterprises; beside it a small page for persons."""
