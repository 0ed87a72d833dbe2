// The cloud is starting: ask again.
"use strict";

setTimeout(() => location.reload(), 1000);
