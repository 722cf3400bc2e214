using Recommender.Threading;

namespace Recommender.Models;

/// <summary>Looks through many numbers on several threads, as a model is read. What a part throws is thrown as it is.</summary>
internal static class InParts
{
    private const int PartBytes = 1 << 22;

    public unsafe delegate void Part<T>(ReadOnlySpan<T> numbers);

    public static unsafe void Do<T>(Numbers<T> numbers, Part<T> look) where T : unmanaged
    {
        int length = PartBytes / sizeof(T);
        Run((numbers.Count + length - 1) / length, part => look(numbers.Slice(part * length, (int)Math.Min(length, numbers.Count - part * length))));
    }

    /// <param name="rows">How many there are.</param>
    /// <param name="look">Given the first row of a part and the one behind its last.</param>
    public static void Do(int rows, Action<int, int> look)
    {
        const int Rows = 1 << 13;
        Run((rows + Rows - 1) / Rows, part => look((int)part * Rows, (int)Math.Min(rows, (part + 1) * Rows)));
    }

    private static void Run(long parts, Action<long> look)
    {
        if (parts == 1) look(0);
        else if (parts > 1)
        {
            try { Parallel.For(0, parts, Cores.All(CancellationToken.None), look); }
            // The parts that failed at the same time say the same.
            catch (AggregateException several) { System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(several.InnerExceptions[0]).Throw(); }
        }
    }
}
