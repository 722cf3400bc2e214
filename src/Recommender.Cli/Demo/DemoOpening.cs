using Recommender.Cli.Terminal;
using Recommender.Server;
using Recommender.Server.Training;

namespace Recommender.Cli.Demo;

/// <summary>Fills the demo's shop with what was made up and trains its first model.</summary>
internal sealed class DemoOpening(Screen screen, Shop shop)
{
    private const int Batch = 5_000;

    // A shop of two thousand books has little to tell apart; a short vector learns it in a moment.
    private const int Factors = 64;

    public async Task RunAsync(Bookshop bookshop, CancellationToken cancellation)
    {
        screen.Line($"A bookshop that never was: {bookshop.Items.Count:N0} books, {bookshop.Customers.Count:N0} customers, "
            + $"{bookshop.Events.Count:N0} events in two years.");
        await ProgressBar.RunAsync(screen, "recording", progress => FillAsync(bookshop, progress, cancellation));
        await ProgressBar.RunAsync(screen, "training", progress => shop.Models.TrainAsync(
            shop.Recipe with { Factorization = shop.Recipe.Factorization with { Factors = Factors } },
            PublishWish.Force, Environment.ProcessorCount, new Steps(progress), cancellation));
    }

    private async Task<bool> FillAsync(Bookshop bookshop, IProgress<Step> progress, CancellationToken cancellation)
    {
        // Written as what was there before anybody took note: none of the books is new.
        await shop.Store.Items.UpsertAsync(shop.Tenant, bookshop.Items, cancellation);
        await shop.Live.ReloadAsync(cancellation);
        await shop.Store.Customers.UpsertAsync(shop.Tenant, bookshop.Customers, cancellation);
        int done = 0;
        foreach (var batch in bookshop.Events.Chunk(Batch))
        {
            await shop.RecordAsync(batch, cancellation);
            done += batch.Length;
            progress.Report(new Step($"{done:N0} events", done / (double)bookshop.Events.Count));
        }
        return true;
    }

    private sealed class Steps(IProgress<Step> progress) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => progress.Report(new Step(value.Stage, value.Fraction));
    }
}
