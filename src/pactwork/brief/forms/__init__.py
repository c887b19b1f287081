"""The brief in other forms than the page: PDF, Word and data, all made from the very page that is rendered."""
