"use strict";
/* eslint-disable @typescript-eslint/no-require-imports, no-undef */

const Module = require("node:module");

// Stryker's runner asks for files of mocha without their ending, which is .cjs since mocha 12.
Module._extensions[".cjs"] = Module._extensions[".js"];
