"""Numbers in running text with what they count."""

from storycluster.text.quantities.find import Quantity, find_quantities

__all__ = ["Quantity", "find_quantities"]
