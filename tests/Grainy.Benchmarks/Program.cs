using Grainy.Benchmarks;
using Grainy.Benchmarks.Blending;
using Grainy.Benchmarks.RealData;

var benchmarks = new Dictionary<string, Action<string[]>>(StringComparer.Ordinal)
{
    ["attacks"] = AttackDemonstration.Run,
    ["elpips-coverage"] = ELpipsCoverageBenchmark.Run,
    ["blend-memory"] = BlendMemoryBenchmark.Run,
    ["blend-quality"] = BlendQualityBenchmark.Run,
    ["blend-speed"] = BlendSpeedBenchmark.Run,
    ["blindspot-step"] = BlindSpotStepBenchmark.Run,
    ["noise-real"] = RealNoiseBenchmark.Run,
    ["real-data"] = RealDataBenchmark.Run,
    ["metrics"] = MetricsBenchmark.Run,
    ["metrics-memory"] = MetricsMemory.Run,
};
if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out var benchmark))
{
    Console.Error.WriteLine($"usage: Grainy.Benchmarks {string.Join('|', benchmarks.Keys.Order())} [options]");
    return 2;
}

benchmark(args[1..]);
return 0;
