import fc from "fast-check";

// Loaded by mocha before the tests: the same inputs for every change, no search for a smaller counterexample, and half a second
// for each property, which is some hundred inputs.
fc.configureGlobal({ seed: 1, endOnFailure: true });
fc.installGlobalPlugin(fc.interruptAfterTimeLimit(500));
