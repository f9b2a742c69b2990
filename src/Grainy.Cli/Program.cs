return await Grainy.Cli.CommandLine.RunAsync(args);
