namespace Recommender.Storage.Tests.Mongo;

/// <summary>What this program does in a process of its own: asks whether there is a shop, and prints the answer, or what went wrong.</summary>
internal static class AskingProgram
{
    public const string Verb = "is-there-a-shop";

    public static async Task<int> RunAsync(string location)
    {
        await using TextWriter output = new StreamWriter(Console.OpenStandardOutput());
        try { await output.WriteAsync($"{await ShopLocation.Parse(location).ExistsAsync(CancellationToken.None)}"); }
        catch (StoreException problem) { await output.WriteAsync($"{problem.GetType().Name}: {problem.Message}"); }
        return 0;
    }
}
