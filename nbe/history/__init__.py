"""Historik: every move and every change, told in sentences, as known now or as known then."""
