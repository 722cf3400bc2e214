using Recommender.Models;

namespace Recommender.MlNet;

/// <summary>
/// Says which side of a saved factorization holds the customers. The file does not: ML.NET's tutorial has them in the columns, its
/// reference in the rows. A wrong answer transposes the model without any other sign, so names that tell nothing are refused.
/// </summary>
public static class CustomerColumn
{
    private static readonly string[] _customerWords =
    [
        "user", "customer", "visitor", "member", "client", "shopper", "buyer", "person", "people", "account", "reader", "viewer", "listener", "player",
        "patient", "student", "subscriber", "profile", "household", "guest", "cookie", "employee",
    ];

    private static readonly string[] _itemWords =
    [
        "item", "product", "movie", "book", "article", "film", "song", "track", "artist", "album", "title", "sku", "isbn", "asin", "game", "restaurant",
        "business", "hotel", "offer", "recipe", "video", "course", "document", "content",
    ];

    /// <param name="saved">The factorization.</param>
    /// <param name="name">The column with the customers, as the data or the factorization calls it; null to go by the names.</param>
    /// <param name="warning">What was guessed and how to set it; null where a name was given.</param>
    /// <exception cref="InvalidModelException">There is no such column, or the names do not tell.</exception>
    public static MatrixSide Choose(SavedFactorization saved, string? name, out string? warning)
    {
        (string rows, string columns) = (Names(saved.Rows), Names(saved.Columns));
        warning = null;
        if (name is not null)
        {
            if (Has(saved.Rows, name) && !Has(saved.Columns, name)) return MatrixSide.Rows;
            if (Has(saved.Columns, name) && !Has(saved.Rows, name)) return MatrixSide.Columns;
            throw new InvalidModelException($"The user column is to be '{name}'; the rows of this model are {rows}, its columns {columns}: name one of these.");
        }
        int leaning = Leaning(saved.Rows) - Leaning(saved.Columns);
        if (leaning == 0)
        {
            throw new InvalidModelException($"The names do not tell where the customers are: the rows of this model are {rows}, its columns {columns}. "
                + "Name the user column (--user-column).");
        }
        MatrixSide side = leaning > 0 ? MatrixSide.Rows : MatrixSide.Columns;
        (string customers, string items) = side == MatrixSide.Rows ? (rows, columns) : (columns, rows);
        string other = side == MatrixSide.Rows ? saved.Columns.InputColumn : saved.Rows.InputColumn;
        warning = $"taken by its name: customers are {customers}, items {items}. If it is the other way round, say --user-column {other}.";
        return side;
    }

    private static bool Has(SavedSide side, string name) => name == side.InputColumn || name == side.KeyColumn;

    private static string Names(SavedSide side) => side.InputColumn == side.KeyColumn ? $"'{side.KeyColumn}'" : $"'{side.InputColumn}' ('{side.KeyColumn}')";

    // Positive where the names speak of customers, negative where of items. The data's own name counts for more than the number's.
    private static int Leaning(SavedSide side) => 2 * Leaning(side.InputColumn) + Leaning(side.KeyColumn);

    private static int Leaning(string name) => Words(name, _customerWords) - Words(name, _itemWords);

    private static int Words(string name, string[] words) => words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)) ? 1 : 0;
}
