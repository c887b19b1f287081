"""What the page plays by itself: experiments that answer within a second and sharpen while somebody looks at them."""
