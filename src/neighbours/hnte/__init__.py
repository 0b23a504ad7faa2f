"""高企认定: recognition of high and new technology enterprises, a business system of its own."""
