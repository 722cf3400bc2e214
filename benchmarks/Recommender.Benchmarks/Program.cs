using BenchmarkDotNet.Running;
using Recommender.Benchmarks;

if (args is ["shop", .. var large]) await LargeShop.WriteAsync(large, CancellationToken.None);
else if (args is ["start", var folder]) await LargeShop.SplitAsync(folder, CancellationToken.None);
else if (args is ["gate"]) return Gate.Run();
else BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
