using Recommender.LifeCycle;

namespace Recommender.Cli.Importing;

/// <summary>What a file of orders holds.</summary>
/// <param name="Returns">Lines with a negative amount, which say nothing of when somebody buys.</param>
/// <param name="Rejected">Lines that could not be read.</param>
internal sealed record OrderFileContent(IReadOnlyList<CustomerPurchases> Customers, long Lines, long Returns, IReadOnlyList<RejectedLine> Rejected);

/// <summary>Reads orders: columns customer, date and amount under a line of names, in any order; others are passed over.</summary>
internal static class OrderFile
{
    private const double LargestAmount = 1e12;

    /// <param name="latest">No order can be younger.</param>
    /// <exception cref="ImportException">There is no such file, or a column is missing.</exception>
    public static OrderFileContent Read(string path, DateTimeOffset latest, CancellationToken cancellation)
    {
        var files = new SourceFiles(path, new ExpectedFile("orders.csv", "customer, date, amount"));
        using var file = new DelimitedFile(files, files.Single, DelimitedFormat.Csv);
        int customer = file.Column("customer"), date = file.Column("date"), amount = file.Column("amount");
        var book = new PurchaseBook();
        var rejected = new List<RejectedLine>();
        long lines = 0, returns = 0;
        foreach (DelimitedRow row in file.Rows())
        {
            cancellation.ThrowIfCancellationRequested();
            lines++;
            string id = row.Id(customer);
            DateTimeOffset at = row.Required(date, row.Moment(date, TimeFormat.Iso, latest));
            double paid = row.Required(amount, row.Number(amount));
            if (paid > LargestAmount) row.Reject(amount, "is more than anybody pays; check the unit");
            if (row.Rejection is { } rejection) rejected.Add(rejection);
            else if (paid < 0) returns++;
            else book.Add(id, DateOnly.FromDateTime(at.DateTime), paid);
        }
        return new OrderFileContent(book.Customers, lines, returns, rejected);
    }
}
