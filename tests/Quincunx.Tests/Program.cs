// The test runner does not come here: this is the entry point of child processes that tests start, and kill.
return args is ["toy-run", { } folder] ? Quincunx.Tests.Runs.Store.ToyRun.RunIn(folder) : 2;
