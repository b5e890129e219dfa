// The test runner does not come here: this is the entry point of child processes that tests start, and kill.
return args switch
{
    ["toy-run", { } folder] => Quincunx.Tests.Runs.Store.ToyRun.RunIn(folder),
    ["line", .. var rest] => Quincunx.Tests.Cli.LineProgram.Run(rest),
    ["line-in-step", .. var rest] => Quincunx.Tests.Cli.LineProgram.Run(rest, inStep: true),
    _ => 2,
};
