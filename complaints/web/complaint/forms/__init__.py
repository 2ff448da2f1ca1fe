"""THE FORMS OF THE COMPLAINT PAGE: what each proposes and offers to choose from."""
